"""One module per rule: typed paths in, files out; the rules' adapters call nothing else."""
