"""What the LanguageTool-compatible endpoint is made of; its routes stand in `protocols/languagetool.py`."""
