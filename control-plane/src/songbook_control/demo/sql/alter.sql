-- A year later: what the shop's developers changed. Three of these changes break whoever reads the old form.

-- Nobody has asked for it since 2009.
ALTER TABLE sales.customers DROP COLUMN fax;

-- Barcodes may begin with a zero, so they were never numbers.
ALTER TABLE stock.products ALTER COLUMN barcode TYPE text USING lpad(barcode::text, 13, '0');

-- A review may be words alone.
ALTER TABLE web.reviews ALTER COLUMN stars DROP NOT NULL;

-- New: gift cards.
CREATE TABLE sales.gift_cards (
    code uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    customer_id bigint NOT NULL REFERENCES sales.customers,
    balance sales.price NOT NULL,
    valid_until date
);
COMMENT ON TABLE sales.gift_cards IS 'Sold at the till since this year.';

ALTER TYPE sales.order_status ADD VALUE 'lost' AFTER 'shipped';

COMMENT ON TABLE stock.suppliers IS 'Makers and wholesalers, checked by purchasing every spring.';

-- The report shows the customer's country too.
CREATE OR REPLACE VIEW reporting.customer_value AS
SELECT
    c.customer_id, c.full_name, count(r.order_id) AS orders, coalesce(sum(r.net), 0) AS lifetime_value, c.country
FROM sales.customers AS c
LEFT JOIN reporting.revenue AS r USING (customer_id)
GROUP BY c.customer_id, c.full_name, c.country;
