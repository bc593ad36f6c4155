"""What is doubtful in a set-up of recipients, rules and routers before it decides anything."""
