"""What any module may use: dates, messages, files, progress and languages; no word of the model."""
