"""Documents that are made from the program, and what is checked of all documents."""
