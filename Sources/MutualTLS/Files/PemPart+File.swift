extension PemPart {
    /// What a file holds, with its permissions.
    /// - Parameter name: how people know it, where that is not its path.
    public init(file path: String, name: String? = nil) {
        let name = name ?? path
        guard SecureFile.exists(path) else {
            self.init(name: name, content: .missing)
            return
        }
        do {
            let contents = try SecureFile.contents(of: path)
            self.init(name: name, content: .bytes(contents.bytes), mode: contents.mode)
        } catch {
            self.init(name: name, content: .unreadable(error.sentence))
        }
    }
}
