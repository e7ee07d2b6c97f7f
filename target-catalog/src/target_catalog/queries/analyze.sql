-- Tell the planner what a first load brought.
ANALYZE {table};
