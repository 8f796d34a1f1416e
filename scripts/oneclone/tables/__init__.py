"""One reader and one writer per file type; columns are constants shared by both."""
