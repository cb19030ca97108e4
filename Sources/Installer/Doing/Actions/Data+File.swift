import FoundationEssentials

extension Data {
    /// The bytes of a file that must be there.
    init(ofFile path: String) throws(Failure) {
        do { self = try Data(contentsOf: URL(filePath: path)) } catch {
            throw Failure(
                "\(path) cannot be read", detail: error.reason, hint: "Check it: ls -l \(path.shellQuoted)")
        }
    }
}
