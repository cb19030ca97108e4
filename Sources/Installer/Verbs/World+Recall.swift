extension World {
    /// The answers that are kept of the installation that these answers are about, by the field's id.
    ///
    /// They only spare the user typing: where they cannot be read, there are none.
    public func recall(_ answers: Answers) async -> [Field.ID: String] {
        let site = await Survey(world: self, answers: answers).site()
        do throws(Failure) {
            return try AnswersFile(readingFrom: places.answers(of: site)).texts
        } catch { return [:] }
    }
}
