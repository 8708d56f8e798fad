"""What runs inside Rasa: the connector, the tracker store, the importer and the NLU components."""
