-- Judged edges that may read otherwise now.
CREATE TEMPORARY TABLE touched (
    connector_id uuid NOT NULL,
    lineage_id text COLLATE "C" NOT NULL
) ON COMMIT DROP;
