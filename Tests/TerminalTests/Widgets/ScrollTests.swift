import Terminal
import Testing

struct ScrollTests {
    @Test func keysScrollBetweenTheEnds() {
        var scroll = Scroll()
        scroll.fit(length: 10, height: 4)
        #expect(scroll.visible == 0..<4)
        #expect(scroll.handle(.up) == false)
        #expect(scroll.handle(.pageDown) == true)
        #expect(scroll.visible == 3..<7)
        #expect(scroll.handle(.end) == true)
        #expect(scroll.visible == 6..<10)
        #expect(scroll.isAtEnd)
        #expect(scroll.handle(.enter) == false)
    }

    @Test func aLogIsFollowedUntilSomebodyReadsAndAgainAtItsEnd() {
        var scroll = Scroll(follows: true)
        scroll.fit(length: 10, height: 4)
        scroll.fit(length: 12, height: 4)
        #expect(scroll.visible == 8..<12)
        scroll.handle(.up)
        scroll.fit(length: 15, height: 4)
        #expect(scroll.visible == 7..<11)
        scroll.handle(.end)
        scroll.fit(length: 20, height: 4)
        #expect(scroll.visible == 16..<20)
    }

    @Test func aTextThatFitsDoesNotScroll() {
        var scroll = Scroll()
        scroll.fit(length: 3, height: 4)
        #expect(scroll.handle(.pageDown) == false)
        #expect(scroll.visible == 0..<3)
        #expect(scroll.isAtStart && scroll.isAtEnd)
    }
}
