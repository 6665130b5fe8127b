"""The brief for a conference: one self-contained HTML file, a workbook and CSV files, in Dutch or English."""
