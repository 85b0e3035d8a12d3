"""What the LanguageTool-compatible endpoint is made of; the routes stand in `detector/service/protocols/languagetool.py`."""
