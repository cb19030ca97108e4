extension AnswersFile {
    /// Saves answers to a file that only the user may read; an older one is replaced as a whole.
    /// - Parameter path: a leading `~` is the home folder.
    public static func save(_ answers: Answers, to path: String, home: String) throws(Failure) {
        let path = path.expanded(home: home)
        try PrivateFile.makeFolder(path.parentFolder)
        try PrivateFile.write(text(for: answers).utf8, to: path)
    }
}
