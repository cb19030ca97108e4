extension AnswersFile {
    /// Saves answers to a file that only the user may read; an older one is replaced as a whole.
    public static func save(_ answers: Answers, to path: String) throws(Failure) {
        try PrivateFile.makeFolder(path.parentFolder)
        try PrivateFile.write(text(for: answers).utf8, to: path)
    }
}
