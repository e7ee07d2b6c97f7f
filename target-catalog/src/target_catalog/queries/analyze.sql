-- Tell the planner what a load brought.
ANALYZE {table};
