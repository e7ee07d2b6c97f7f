-- A shop for musical instruments: the sample that `songbook demo` catalogs.

CREATE SCHEMA stock;
CREATE SCHEMA sales;
CREATE SCHEMA web;
CREATE SCHEMA reporting;

COMMENT ON SCHEMA stock IS 'What we have, where it lies and who sells it to us.';
COMMENT ON SCHEMA sales IS 'Customers, orders and payments. Owned by the sales team.';
COMMENT ON SCHEMA web IS 'What happens in the web shop.';
COMMENT ON SCHEMA reporting IS 'Views that the weekly report reads.';

-- Types

CREATE TYPE sales.order_status AS ENUM ('basket', 'paid', 'shipped', 'delivered', 'returned');
COMMENT ON TYPE sales.order_status IS 'The life of an order, in this order.';

CREATE DOMAIN sales.email_address AS text
    CONSTRAINT has_an_at CHECK (VALUE ~ '^[^@\s]+@[^@\s]+$');
COMMENT ON DOMAIN sales.email_address IS 'Good enough to write to; the mail server has the last word.';

CREATE DOMAIN sales.price AS numeric(10, 2)
    CONSTRAINT not_negative CHECK (VALUE >= 0);

CREATE TYPE stock.dimensions AS (
    length_cm numeric(6, 1),
    width_cm numeric(6, 1),
    height_cm numeric(6, 1)
);

-- Stock

CREATE TABLE stock.suppliers (
    supplier_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    country char(2) NOT NULL,
    lead_time interval NOT NULL DEFAULT '14 days',
    contact jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE stock.suppliers IS 'Makers and wholesalers.';
COMMENT ON COLUMN stock.suppliers.lead_time IS 'From order to delivery, as they promise it.';

CREATE TABLE stock.categories (
    category_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parent_id integer REFERENCES stock.categories,
    name text NOT NULL,
    UNIQUE NULLS NOT DISTINCT (parent_id, name)
);
COMMENT ON TABLE stock.categories IS 'A tree: strings > guitars > classical guitars.';

CREATE TABLE stock.products (
    product_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    category_id integer NOT NULL REFERENCES stock.categories,
    supplier_id integer NOT NULL REFERENCES stock.suppliers,
    sku text NOT NULL UNIQUE CHECK (sku ~ '^[A-Z]{3}-[0-9]{4}$'),
    name text NOT NULL,
    barcode bigint,
    list_price sales.price NOT NULL,
    size stock.dimensions,
    colours text[] NOT NULL DEFAULT '{}',
    specification jsonb NOT NULL DEFAULT '{}',
    is_listed boolean NOT NULL DEFAULT true,
    search tsvector GENERATED ALWAYS AS (to_tsvector('simple', name)) STORED
);
COMMENT ON TABLE stock.products IS 'Everything that ever had a price tag.';
COMMENT ON COLUMN stock.products.sku IS 'Three letters of the category, four digits.';
COMMENT ON COLUMN stock.products.list_price IS 'In euro, with VAT; what was paid is in sales.order_lines.';

CREATE INDEX products_by_category ON stock.products (category_id) INCLUDE (name) WHERE is_listed;
CREATE INDEX products_search ON stock.products USING gin (search);
CREATE INDEX products_by_lower_name ON stock.products (lower(name));

CREATE TABLE stock.warehouses (
    warehouse_id smallint PRIMARY KEY,
    city text NOT NULL
);

CREATE TABLE stock.levels (
    warehouse_id smallint NOT NULL REFERENCES stock.warehouses,
    product_id bigint NOT NULL REFERENCES stock.products ON DELETE CASCADE,
    pieces integer NOT NULL DEFAULT 0 CHECK (pieces >= 0),
    reorder_below integer NOT NULL DEFAULT 3,
    PRIMARY KEY (warehouse_id, product_id)
);
COMMENT ON TABLE stock.levels IS 'Kept by the trigger of stock.movements: never write here.';

CREATE TABLE stock.movements (
    movement_id bigserial PRIMARY KEY,
    warehouse_id smallint NOT NULL,
    product_id bigint NOT NULL,
    pieces integer NOT NULL CHECK (pieces <> 0),
    moved_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (warehouse_id, product_id) REFERENCES stock.levels
);

-- Keep the level of a product in step with its movements.
CREATE FUNCTION stock.book_movement() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE stock.levels
    SET pieces = pieces + NEW.pieces
    WHERE warehouse_id = NEW.warehouse_id AND product_id = NEW.product_id;
    RETURN NEW;
END;
$$;
COMMENT ON FUNCTION stock.book_movement() IS 'Keeps stock.levels in step with stock.movements.';

CREATE TRIGGER book_movement AFTER INSERT ON stock.movements
FOR EACH ROW EXECUTE FUNCTION stock.book_movement();

-- Sales

CREATE TABLE sales.customers (
    customer_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email sales.email_address NOT NULL UNIQUE,
    full_name text NOT NULL,
    country char(2) NOT NULL,
    phone text,
    fax text,
    joined_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE sales.customers IS 'Everybody who ever ordered.';
COMMENT ON COLUMN sales.customers.fax IS 'Nobody has asked for it since 2009.';

CREATE TABLE sales.addresses (
    customer_id bigint NOT NULL REFERENCES sales.customers ON DELETE CASCADE,
    label text NOT NULL DEFAULT 'home',
    street text NOT NULL,
    city text NOT NULL,
    postcode varchar(12) NOT NULL,
    PRIMARY KEY (customer_id, label)
);

CREATE SEQUENCE sales.invoice_numbers START 10001;
COMMENT ON SEQUENCE sales.invoice_numbers IS 'Without gaps, says the tax office; with gaps, says PostgreSQL.';

CREATE TABLE sales.orders (
    order_id bigint GENERATED ALWAYS AS IDENTITY,
    customer_id bigint NOT NULL REFERENCES sales.customers,
    status sales.order_status NOT NULL DEFAULT 'basket',
    shipping_fee sales.price NOT NULL DEFAULT 4.90,
    ordered_at timestamptz NOT NULL,
    invoice_number bigint,
    PRIMARY KEY (order_id, ordered_at)
) PARTITION BY RANGE (ordered_at);
COMMENT ON TABLE sales.orders IS 'One partition a year.';

CREATE TABLE sales.orders_2025 PARTITION OF sales.orders
FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE sales.orders_2026 PARTITION OF sales.orders
FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE sales.orders_other PARTITION OF sales.orders DEFAULT;

CREATE INDEX orders_by_customer ON sales.orders (customer_id, ordered_at DESC);

CREATE TABLE sales.order_lines (
    order_id bigint NOT NULL,
    ordered_at timestamptz NOT NULL,
    line smallint NOT NULL,
    product_id bigint NOT NULL REFERENCES stock.products,
    quantity integer NOT NULL CHECK (quantity > 0),
    unit_price sales.price NOT NULL,
    discount numeric(4, 3) NOT NULL DEFAULT 0 CHECK (discount BETWEEN 0 AND 1),
    amount numeric(12, 2) GENERATED ALWAYS AS (quantity * unit_price * (1 - discount)) STORED,
    PRIMARY KEY (order_id, ordered_at, line),
    FOREIGN KEY (order_id, ordered_at) REFERENCES sales.orders ON DELETE CASCADE
);
COMMENT ON COLUMN sales.order_lines.unit_price IS 'What it cost on that day.';

CREATE TABLE sales.campaigns (
    name text PRIMARY KEY,
    runs daterange NOT NULL,
    discount numeric(4, 3) NOT NULL,
    CONSTRAINT one_at_a_time EXCLUDE USING gist (runs WITH &&)
);
COMMENT ON TABLE sales.campaigns IS 'Discounts for everybody, one at a time.';

CREATE FUNCTION sales.vat_rate(country char(2)) RETURNS numeric
LANGUAGE sql IMMUTABLE
RETURN CASE country WHEN 'DE' THEN 0.19 WHEN 'FR' THEN 0.20 WHEN 'AT' THEN 0.20 ELSE 0 END;
COMMENT ON FUNCTION sales.vat_rate(char) IS 'VAT of the country that we ship to.';

-- Web

CREATE TABLE web.visits (
    visit_id uuid NOT NULL DEFAULT gen_random_uuid(),
    customer_id bigint,
    came_from inet,
    path text NOT NULL,
    visited_at timestamptz NOT NULL DEFAULT now()
) PARTITION BY HASH (visit_id);

CREATE UNLOGGED TABLE web.visits_0 PARTITION OF web.visits FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE UNLOGGED TABLE web.visits_1 PARTITION OF web.visits FOR VALUES WITH (MODULUS 2, REMAINDER 1);

CREATE TABLE web.reviews (
    customer_id bigint NOT NULL REFERENCES sales.customers ON DELETE CASCADE,
    product_id bigint NOT NULL REFERENCES stock.products ON DELETE CASCADE,
    stars smallint NOT NULL CONSTRAINT one_to_five CHECK (stars BETWEEN 1 AND 5),
    words text,
    PRIMARY KEY (customer_id, product_id)
);

-- Views on views: the report reads best_customers, and its figures come all the way from the order lines.

CREATE VIEW sales.order_totals AS
SELECT
    o.order_id,
    o.customer_id,
    o.status,
    o.ordered_at,
    sum(l.amount) + o.shipping_fee AS total
FROM sales.orders AS o
JOIN sales.order_lines AS l USING (order_id, ordered_at)
GROUP BY o.order_id, o.customer_id, o.status, o.ordered_at, o.shipping_fee;
COMMENT ON VIEW sales.order_totals IS 'What each order came to, shipping included.';

CREATE VIEW reporting.revenue AS
SELECT t.order_id, t.customer_id, c.country, t.ordered_at, t.total / (1 + sales.vat_rate(c.country)) AS net
FROM sales.order_totals AS t
JOIN sales.customers AS c USING (customer_id)
WHERE t.status IN ('paid', 'shipped', 'delivered');
COMMENT ON VIEW reporting.revenue IS 'Orders that count, without VAT.';

CREATE VIEW reporting.customer_value AS
SELECT c.customer_id, c.full_name, count(r.order_id) AS orders, coalesce(sum(r.net), 0) AS lifetime_value
FROM sales.customers AS c
LEFT JOIN reporting.revenue AS r USING (customer_id)
GROUP BY c.customer_id, c.full_name;

CREATE VIEW reporting.best_customers AS
SELECT full_name, lifetime_value, rank() OVER (ORDER BY lifetime_value DESC) AS place
FROM reporting.customer_value
WHERE orders > 1;
COMMENT ON VIEW reporting.best_customers IS 'Who gets a card at New Year.';

CREATE MATERIALIZED VIEW reporting.monthly_revenue AS
SELECT date_trunc('month', ordered_at)::date AS month, country, sum(net) AS net
FROM reporting.revenue
GROUP BY 1, 2
WITH NO DATA;
COMMENT ON MATERIALIZED VIEW reporting.monthly_revenue IS 'Refreshed every night by reporting.refresh().';

CREATE UNIQUE INDEX monthly_revenue_key ON reporting.monthly_revenue (month, country);

CREATE VIEW stock.reorder_list AS
SELECT p.sku, p.name, s.name AS supplier, w.city, l.pieces, l.reorder_below - l.pieces AS missing
FROM stock.levels AS l
JOIN stock.products AS p USING (product_id)
JOIN stock.suppliers AS s USING (supplier_id)
JOIN stock.warehouses AS w USING (warehouse_id)
WHERE l.pieces < l.reorder_below AND p.is_listed;
COMMENT ON VIEW stock.reorder_list IS 'What to order on Monday.';

CREATE PROCEDURE reporting.refresh()
LANGUAGE sql
AS $$ REFRESH MATERIALIZED VIEW reporting.monthly_revenue; $$;
COMMENT ON PROCEDURE reporting.refresh() IS 'Runs every night.';

-- A little data, so that there is something to count.

INSERT INTO stock.suppliers (name, country)
VALUES ('Luthier & Daughters', 'DE'), ('Cordes du Sud', 'FR'), ('Nachtigall Pianos', 'AT');

INSERT INTO stock.categories (parent_id, name)
VALUES (NULL, 'Strings'), (NULL, 'Keys'), (1, 'Guitars'), (1, 'Violins');

INSERT INTO stock.products (category_id, supplier_id, sku, name, barcode, list_price, colours)
SELECT
    2 + n % 3, 1 + n % 3, 'SNG-' || lpad(n::text, 4, '0'),
    (ARRAY['Concert piano', 'Classical guitar', 'Violin'])[1 + n % 3] || ' no. ' || n,
    4006381330000 + n, 89 + 37 * n, ARRAY['natural', 'black']
FROM generate_series(1, 60) AS n;

INSERT INTO stock.warehouses VALUES (1, 'Leipzig'), (2, 'Lyon');

INSERT INTO stock.levels (warehouse_id, product_id)
SELECT warehouse_id, product_id FROM stock.warehouses CROSS JOIN stock.products;

INSERT INTO stock.movements (warehouse_id, product_id, pieces)
SELECT warehouse_id, product_id, 1 + (product_id * warehouse_id) % 7 FROM stock.levels;

INSERT INTO sales.customers (email, full_name, country)
SELECT 'customer' || n || '@example.com', 'Customer ' || n, (ARRAY['DE', 'FR', 'AT'])[1 + n % 3]
FROM generate_series(1, 200) AS n;

INSERT INTO sales.orders (customer_id, status, ordered_at)
SELECT
    1 + (n * 7) % 200, (ARRAY['paid', 'shipped', 'delivered', 'returned'])[1 + n % 4]::sales.order_status,
    timestamptz '2025-01-01' + n * interval '17 hours'
FROM generate_series(1, 900) AS n;

INSERT INTO sales.order_lines (order_id, ordered_at, line, product_id, quantity, unit_price)
SELECT o.order_id, o.ordered_at, line, p.product_id, 1 + o.order_id % 2, p.list_price
FROM sales.orders AS o
CROSS JOIN generate_series(1, 3) AS line
JOIN stock.products AS p ON p.product_id = 1 + (o.order_id * line) % 60;

INSERT INTO web.visits (path) SELECT '/products/' || n FROM generate_series(1, 500) AS n;

CALL reporting.refresh();
ANALYZE;
