"""Fields that a language model proposes for text that nothing here could place; the customer says whether they hold."""
