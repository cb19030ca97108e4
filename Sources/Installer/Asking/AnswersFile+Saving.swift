extension AnswersFile {
    /// Saves answers to a file that only the user may read; an older one is replaced as a whole.
    /// - Parameters:
    ///   - texts: the answers by the field's id.
    ///   - path: a leading `~` is the home folder.
    public static func save(_ texts: [Field.ID: String], to path: String, home: String) throws(Failure) {
        let path = path.expanded(home: home)
        try PrivateFile.makeFolder(path.parentFolder)
        try PrivateFile.write(text(of: texts).utf8, to: path)
    }
}
