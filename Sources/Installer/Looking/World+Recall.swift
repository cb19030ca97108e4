extension World {
    /// The answers that are kept of the installation that these answers are about, by the field's id.
    public func recall(_ answers: Answers) async -> [Field.ID: String] {
        recall(await Survey(world: self, answers: answers).site())
    }

    /// The answers that are kept of an installation, its context named.
    ///
    /// They only spare the user typing: where they cannot be read, there are none.
    func recall(_ site: Site) -> [Field.ID: String] {
        do throws(Failure) {
            return try AnswersFile(readingFrom: places.answers(of: site)).texts
        } catch { return [:] }
    }
}
