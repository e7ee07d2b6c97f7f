"""The code of a made-up shop: a dbt project, SQL, dashboards, and who owns what."""

from __future__ import annotations

import json

from github_world import World

DBT = {
    "dbt/dbt_project.yml": """
name: shop
model-paths: [models]
vars: {first_year: 2024}
models:
  shop:
    staging: {+materialized: view, +schema: staging}
""",
    "dbt/models/sources.yml": """
sources:
  - name: app
    schema: public
    tables:
      - name: orders
      - {name: clients, identifier: customers}
""",
    "dbt/models/staging/stg_orders.sql": """
{{ config(tags=['daily']) }}
-- {# ref('never') #}
SELECT id, customer_id, total FROM {{ source('app', 'orders') }}
WHERE year >= {{ var('first_year') }}
""",
    "dbt/models/revenue.sql": """
{{ config(alias='revenue_by_customer') }}
SELECT c.name, SUM(o.total) AS revenue
FROM {{ ref('stg_orders') }} AS o
JOIN {{ source('app', 'clients') }} AS c ON c.id = o.customer_id
{% if is_incremental() %} WHERE o.id > (SELECT MAX(id) FROM {{ this }}) {% endif %}
GROUP BY c.name
""",
}
FILES: dict[str, str | bytes] = {
    **DBT,
    ".github/CODEOWNERS": "* @acme/data\n*.sql @ada\n/dbt/ @acme/models docs@example.com\n",
    "README.md": "# Shop\n",
    "etl/load.sql": "INSERT INTO public.totals (total)\nSELECT SUM(total) FROM public.orders;\n",
    "looker/orders.view.lkml": "view: orders { sql_table_name: public.orders ;; }\n",
    "notebooks/look.ipynb": json.dumps(
        {"cells": [{"cell_type": "code", "source": ["1 + 1"], "outputs": [{"text": "2 secret"}]}]}
    ),
    "bi/Shop.pbix": b"PK\x03\x04\0\0binary",
    "bi/Shop.SemanticModel/definition/model.tmdl": "model Model\n",
    "bi/broken.sql": b"SELECT '\xff\xfe'\0",
}


def shop() -> World:
    """The organisation acme with a shop, an empty repository, and a public one."""
    world = World()
    world.account("acme", members=["ada", "grace"], teams={"data": ["ada"], "models": ["grace"]})
    repo = world.repo(
        "acme/shop",
        FILES,
        description="All of the shop",
        topics=["dbt", "sql"],
        languages={"SQL": 4000, "Python": 10},
        properties={"tier": "gold", "areas": ["sales", "web"]},
        protected={"main"},
        collaborators={"ada": "admin", "grace": "write"},
        teams={"data": "push"},
    )
    pull = world.pull("acme/shop", "more-sql", {"etl/more.sql": "SELECT 1"}, "More SQL")
    pull.reviews, pull.reviewers = [("grace", "APPROVED")], ["grace", "acme/data"]
    world.merge("acme/shop", pull)
    repo.pulls.append(world.pull("acme/shop", "open", {"etl/open.sql": "SELECT 2"}, "Still open"))
    repo.pulls.pop()
    world.repo("acme/empty")
    world.repo("acme/site", {"README.md": "# Site\n"}, private=False)
    return world
