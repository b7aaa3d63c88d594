"""The operational report: what each empleado has done of what clientes ask for, live over two stores."""
