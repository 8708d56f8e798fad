"""How the channels stand: what each account's rows say about the last day."""
