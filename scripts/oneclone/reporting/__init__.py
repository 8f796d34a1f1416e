"""The report: pictures and the HTML page that holds them."""
