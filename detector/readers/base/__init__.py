"""What readers share: the contract, opening of files and archives, lines, JSON, field names."""
