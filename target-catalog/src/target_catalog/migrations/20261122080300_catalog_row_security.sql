-- Row level security on every table of the catalog: a role sees the rows of the organisations that its session names in
-- `songbook.organization`, and none without it. The owner of the tables is not held back.

ALTER TABLE catalog.organizations ENABLE ROW LEVEL SECURITY;
ALTER TABLE catalog.connectors ENABLE ROW LEVEL SECURITY;
ALTER TABLE catalog.runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE catalog.system_aliases ENABLE ROW LEVEL SECURITY;
ALTER TABLE catalog.quarantine ENABLE ROW LEVEL SECURITY;
ALTER TABLE catalog.migrations ENABLE ROW LEVEL SECURITY;

CREATE POLICY organization ON catalog.organizations
    USING (id = ANY (catalog.my_organizations()));
CREATE POLICY organization ON catalog.connectors
    USING (organization_id = ANY (catalog.my_organizations()));
CREATE POLICY organization ON catalog.runs
    USING (organization_id = ANY (catalog.my_organizations()));
CREATE POLICY organization ON catalog.system_aliases
    USING (organization_id = ANY (catalog.my_organizations()));
CREATE POLICY organization ON catalog.quarantine
    USING (run_id IN (SELECT id FROM catalog.runs));
-- Which migrations ran is nobody's secret.
CREATE POLICY everybody ON catalog.migrations FOR SELECT
    USING (true);

-- All other tables hang on a connector. The sub-select makes the list once a statement, not once a row.
DO $$
DECLARE
    owned regclass;
BEGIN
    FOR owned IN
        SELECT c.oid::regclass
        FROM pg_catalog.pg_class AS c
        WHERE c.relnamespace = 'catalog'::regnamespace
          AND c.relkind IN ('r', 'p')
          AND NOT c.relrowsecurity
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', owned);
        EXECUTE format(
            'CREATE POLICY organization ON %s USING (connector_id = ANY (ARRAY(SELECT unnest(catalog.my_connectors()))))',
            owned);
    END LOOP;
END;
$$;

INSERT INTO catalog.migrations (version, name) VALUES ('20261122080300', 'catalog_row_security');
