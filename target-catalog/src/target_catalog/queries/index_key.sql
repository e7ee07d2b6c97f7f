-- Each key is staged once; joins with many staged rows go by this index, however few the planner expects.
CREATE UNIQUE INDEX ON {staging} ({key});
