print("edgemanage")
