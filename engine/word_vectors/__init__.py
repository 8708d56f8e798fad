"""What words stand beside one another in many sentences, as short vectors: how `lexicon/word_vectors.npz` is made."""
