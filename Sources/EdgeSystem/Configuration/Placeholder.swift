internal import Yams
func _p() { _ = try? Yams.compose(yaml: "a: 1") }
