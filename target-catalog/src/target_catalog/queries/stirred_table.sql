-- Objects that came, changed or went, or whose columns did: lineage at them may read otherwise now.
CREATE TEMPORARY TABLE stirred (urn text COLLATE "C" NOT NULL) ON COMMIT DROP;
