"""The HTML report's parts: what is gathered while posts stream by, its charts, its template."""
