import FoundationEssentials

extension CommandResult {
    /// What the tool said: from the line on which its error begins, for Helm 4 prints its log before it.
    var said: String? {
        let lines = errors.split(separator: "\n", omittingEmptySubsequences: false)
        let error = lines.drop { !$0.lowercased().hasPrefix("error") }
        let text = (error.isEmpty ? lines[...] : error).joined(separator: "\n").trimmed
        let words = text.isEmpty ? output.trimmed : text
        return words.isEmpty ? nil : words
    }

    /// The output, where the command succeeded.
    /// - Parameter sentence: what has failed where it did not.
    func text(else sentence: String) throws(Failure) -> String {
        guard status == 0 else { throw Failure(sentence, detail: said) }
        return output
    }

    /// The output of a command that succeeded, read as JSON; nil where there is none, as for an object that
    /// is not there.
    func json<Reply: Decodable>(_ type: Reply.Type = Reply.self, else sentence: String) throws(Failure)
        -> Reply?
    {
        let text = try text(else: sentence)
        guard !text.trimmed.isEmpty else { return nil }
        return try Self.decoded(type, text, else: sentence)
    }

    /// All the objects that a command printed one after the other.
    func jsonDocuments<Reply: Decodable>(
        of type: Reply.Type = Reply.self, else sentence: String
    ) throws(Failure) -> [Reply] {
        var replies: [Reply] = []
        for document in try text(else: sentence).jsonDocuments {
            replies.append(try Self.decoded(type, document, else: sentence))
        }
        return replies
    }

    private static func decoded<Reply: Decodable>(
        _ type: Reply.Type, _ text: some StringProtocol, else sentence: String
    ) throws(Failure) -> Reply {
        // What was printed is not repeated: it may hold a Secret.
        do { return try JSONDecoder().decode(type, from: Data(text.utf8)) } catch {
            throw Failure(sentence, detail: "The answer has a form that this program does not know.")
        }
    }
}
