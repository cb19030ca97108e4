import MutualTLS

extension Failure {
    /// What is wrong with certificates or their files, in the form that users are told.
    init(_ error: CredentialsError) {
        self.init(error.sentence, hint: error.hint.isEmpty ? nil : error.hint)
    }
}
