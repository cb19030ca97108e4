import FoundationEssentials

extension AnswersFile {
    /// Reads a file of answers.
    /// - Throws: ``Failure`` where it cannot be read; what is wrong inside it is collected in ``problems``.
    public init(readingFrom path: String) throws(Failure) {
        let contents: Data
        do { contents = try Data(contentsOf: URL(filePath: path)) } catch {
            throw Failure(
                "The answers file \(path) cannot be read", detail: error.reason,
                hint: "The wizard's review page saves one: buildkit-installer install --dry-run")
        }
        self.init(path: path, contents: contents)
    }
}
