"""What the marks endure: measured on footage made here, with real encoders."""
