internal import Cldns
internal import Subprocess
func _p() -> String { String(cString: ldns_version()) }
