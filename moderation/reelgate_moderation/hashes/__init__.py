"""Perceptual hashes (PDQ) and the bank they are compared against."""
