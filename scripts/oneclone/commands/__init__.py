"""What the console command does beside the workflow, one module per command."""
