"""What any module may use: dates, messages, files, progress and languages; nothing about the model."""
