demo-roster-title = Roster of administrative-enforcement officers (demo data)
demo-roster-fictitious = Nobody in this roster exists: ID numbers and credit codes use a division that does not exist (629999), the telephone numbers cannot be dialled, and the portraits are drawn.
demo-roster-text = Every cell is text. Do not turn it into a number or a date, or ID numbers and dates will be damaged.
demo-roster-dates = Dates are written YYYY-MM-DD, scores are 0–100, training hours may have one decimal.
demo-roster-fields = The values of fields and the like are in the sheet 字典; several fields are separated by 、.
demo-roster-repeat = A person is known by the ID number. The file can be imported again; an import never changes the state of a qualification or a certificate.
