"""What is kept: tables, queries, migrations, files, inbox and outbox. It decides nothing."""
