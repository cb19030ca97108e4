@testable import Installer
import Testing

@Suite struct AnswersTests {
    /// With another name, neither the Service nor the Deployments of a release would be found.
    @Test func theNamePrefixIsTheChartsFullName() {
        func fullname(_ release: String) -> String {
            var answers = Answers()
            answers.release = release
            return answers.fullname
        }
        #expect(fullname("buildkit") == "buildkit")
        #expect(fullname("team") == "team-buildkit")
        let longest = String(repeating: "a", count: 53)
        #expect(fullname(longest) == "\(longest)-b")
    }
}
