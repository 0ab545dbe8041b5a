"""The HTTP API; it never decodes media and never imports the pipeline."""
