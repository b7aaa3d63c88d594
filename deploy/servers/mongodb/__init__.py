"""What mongoeco 4.11.0 answers differently from MongoDB, or too slowly, and how it is put right."""
