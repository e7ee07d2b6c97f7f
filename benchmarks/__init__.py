"""Speed and memory of whole programs, as ratios to a floor taken in the same run."""
