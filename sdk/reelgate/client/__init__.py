"""The client of a Reelgate service: requests in, typed nouns and typed errors out."""
