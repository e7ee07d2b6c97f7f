"""Singer target that loads metadata into a catalog on Postgres or Supabase."""
