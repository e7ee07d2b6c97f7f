"""dbt projects: what their files say about tables, without running any of their code."""
