"""Singer target that loads metadata into a catalog on Postgres or Supabase."""


def main() -> None:
    """The command `target-catalog`."""
    from target_catalog.cli import run

    run()
